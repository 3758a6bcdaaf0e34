"""Who people are: accounts and roles."""
