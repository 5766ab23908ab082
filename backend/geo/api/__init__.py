"""REST: from address texts to places, and back."""
