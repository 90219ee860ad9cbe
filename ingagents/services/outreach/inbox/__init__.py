"""What people answer, and what we find in their chats."""
