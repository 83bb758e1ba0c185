#!/bin/sh
# As the official image does: on a new volume make the cluster and run the scripts given to it,
# reachable by its socket alone; then serve.
set -eu
if [ ! -s "$PGDATA/PG_VERSION" ]; then
    echo "${POSTGRES_PASSWORD:?}" > /tmp/password
    initdb --encoding=UTF8 --locale=C.UTF-8 --username=postgres --pwfile=/tmp/password --auth-local=trust --auth-host=scram-sha-256
    rm /tmp/password
    echo "host all all all scram-sha-256" >> "$PGDATA/pg_hba.conf"
    pg_ctl -w start -o "-c listen_addresses=''"
    for script in /docker-entrypoint-initdb.d/*.sh; do
        sh "$script"
    done
    pg_ctl -w stop -m fast
fi
exec "$@" -c listen_addresses='*'
