"""Who should get this food: rounds, offers and the solver behind them."""
