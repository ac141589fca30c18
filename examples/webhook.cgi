#!/bin/sh
# Web hooks of WhatsApp: what a web server runs for a request. To be put where
# webhook-lighttpd.conf or webhook-nginx.conf say it is, owned by the portal's user and
# executable. The server must run it as that user, who owns the database; the settings
# file names whatsapp.phone_number_id, app_secret_file and verify_token_file.
PORTALCTL_DB=/var/lib/portalctl/portal.db
PORTALCTL_CONFIG=/etc/portalctl/config.yaml
export PORTALCTL_DB PORTALCTL_CONFIG
exec /usr/local/bin/portalctl wa cgi
