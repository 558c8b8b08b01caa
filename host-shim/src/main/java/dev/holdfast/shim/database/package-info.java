/** What all database engines in containers have in common: how one is recognised, backed up and brought back. */
@NullMarked
package dev.holdfast.shim.database;

import org.jspecify.annotations.NullMarked;
