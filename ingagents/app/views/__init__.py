"""What people are shown of a department: its status, the page, the team's pages."""
