/** PostgreSQL in a container: dumped with evidence, restored beside what is there and swapped in. */
@NullMarked
package dev.holdfast.shim.postgres;

import org.jspecify.annotations.NullMarked;
