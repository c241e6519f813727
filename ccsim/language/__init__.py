"""What a planner may write: one section after the other, each field with its type, bounds, words and rules."""
