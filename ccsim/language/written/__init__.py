"""The written forms of the sections: what a planner may write where it differs from the typed value."""
