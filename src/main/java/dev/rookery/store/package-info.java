/**
 * The database: SQLite with group commit or PostgreSQL, one dialect, migrations, tenant isolation.
 */
@NullMarked
package dev.rookery.store;

import org.jspecify.annotations.NullMarked;
