"""A world to try the product in: places, people who behave like people, and a day that runs."""
