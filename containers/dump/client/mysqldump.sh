#!/bin/sh
# /usr/local/bin/mysqldump: Oracle's, started by its own loader (fetch.sh says why).
# Since MySQL 9.0 `mysql_native_password`, which old servers ask for, is a plugin that the client must find.
export LIBMYSQL_PLUGIN_DIR=/opt/mysql/lib/plugin
exec /opt/mysql/lib/ld.so --library-path /opt/mysql/lib /opt/mysql/bin/mysqldump "$@"
