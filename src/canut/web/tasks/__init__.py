"""Pages on which workers work, and look back on their work and what it earned."""
