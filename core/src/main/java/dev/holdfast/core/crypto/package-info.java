/** Recipients and identities, sealing and opening. Keys never leave this package in the clear but as key files. */
@NullMarked
package dev.holdfast.core.crypto;

import org.jspecify.annotations.NullMarked;
