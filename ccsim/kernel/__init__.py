"""The compiled kernel: what happens to contacts between two instants of the control plane."""
