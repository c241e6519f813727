"""Many replications of one model, and what is made of them."""
