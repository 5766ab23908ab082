"""What others may read of rounds and offers, and what a round is made from."""
