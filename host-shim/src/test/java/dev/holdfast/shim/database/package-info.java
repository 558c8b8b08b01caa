@NullMarked
package dev.holdfast.shim.database;

import org.jspecify.annotations.NullMarked;
