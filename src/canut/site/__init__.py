"""What puts the doors together: settings, addresses, the fast lane."""
