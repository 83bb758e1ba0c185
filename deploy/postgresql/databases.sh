#!/bin/sh
# Run once by the PostgreSQL image, when its volume is new: one database and one role a service,
# each open to nobody else.
set -eu
for service in gateway referrals scoring; do
    name=$(echo "$service" | tr '[:lower:]' '[:upper:]')_DATABASE_PASSWORD
    # From the environment of psql, so that no password is an argument that `ps` shows.
    PASSWORD=$(printenv "$name") psql --quiet --no-psqlrc -v ON_ERROR_STOP=1 -U postgres <<SQL
\getenv password PASSWORD
CREATE ROLE $service LOGIN PASSWORD :'password' NOSUPERUSER NOCREATEDB NOCREATEROLE;
CREATE DATABASE $service OWNER $service ENCODING 'UTF8' TEMPLATE template0;
REVOKE ALL ON DATABASE $service FROM PUBLIC;
SQL
done
# The server's own databases too, which anybody may open by default.
psql --quiet --no-psqlrc -v ON_ERROR_STOP=1 -U postgres <<SQL
REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC;
SQL
