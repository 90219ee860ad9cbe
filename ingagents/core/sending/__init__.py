"""What a send rests on: facts of the person, the account's means and hours, and what gates answer."""
