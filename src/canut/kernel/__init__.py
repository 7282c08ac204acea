"""What every room stands on and no room owns: the clock, money, refusals, events and later work."""
