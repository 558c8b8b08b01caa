/** The repository format ({@code core/FORMAT.md}): descriptor, packs, snapshots; writer, reader, verifier. */
@NullMarked
package dev.holdfast.core.repository;

import org.jspecify.annotations.NullMarked;
