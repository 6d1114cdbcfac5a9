"""Types that models are given."""
