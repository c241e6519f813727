"""Many plays of one model, and what is made of them."""
