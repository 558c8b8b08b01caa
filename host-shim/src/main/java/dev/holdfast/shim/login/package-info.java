/** Logging in to a provider in the user's browser: {@link dev.holdfast.shim.login.OAuthLogin}. */
@NullMarked
package dev.holdfast.shim.login;

import org.jspecify.annotations.NullMarked;
