"""What can be made: published designs, customised instances, their pictures."""
