"""What whoever runs the platform does from its command line."""
