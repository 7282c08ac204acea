"""What is served under the other origin: pages that are not ours, and the way back of their answers."""
