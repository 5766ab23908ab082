"""Commands about region packs."""
