# A code by which the owner of a chat enters the site.
bot-command-site = Enter the site
site-code = Your code for the site:

    { $code }

    Open { $address } and type it before { $until }. It works once. Tell nobody: whoever types it enters as you.
site-none = The school has no site yet: whatever there is, is here in the chat.
site-button = Enter the site
