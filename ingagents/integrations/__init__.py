"""One service, one file: the real adapters behind the ports.

clock                    time: real, compressed, jumping
linkedin_wire            the one HTTP client to Unipile: auth, retries, the error table
linkedin_payloads        its answers, parsed into our nouns
linkedin_client, linkedin_sender   reading LinkedIn, acting on LinkedIn
email_service            SMTP, or .eml files in an outbox
google_sheets_io         the team's sheet: looks, writes, changes of shape; `google_sheets_wire` drives
                         gspread-asyncio over our own HTTP client, `google_sheets_requests` words them
report_pages             reports and alerts as HTML, text, JSON and mail
csv_files (csv_reading, csv_columns, csv_writing)   people from files and back
"""
