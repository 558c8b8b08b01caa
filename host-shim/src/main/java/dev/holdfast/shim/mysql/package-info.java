/** MySQL and MariaDB in a container: dumped with evidence, restored beside what is there and moved in. {@link Flavour} holds what differs. */
@NullMarked
package dev.holdfast.shim.mysql;

import org.jspecify.annotations.NullMarked;
