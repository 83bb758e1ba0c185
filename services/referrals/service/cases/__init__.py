"""The work with a child after a referral was accepted."""
