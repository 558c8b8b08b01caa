/** Logins against a server that refuses what providers refuse. */
@NullMarked
package dev.holdfast.shim.login;

import org.jspecify.annotations.NullMarked;
