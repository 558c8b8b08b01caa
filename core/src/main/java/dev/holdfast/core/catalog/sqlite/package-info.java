/** The catalog of one machine, in one SQLite file. */
@NullMarked
package dev.holdfast.core.catalog.sqlite;

import org.jspecify.annotations.NullMarked;
