"""The only SQL of referrals."""
