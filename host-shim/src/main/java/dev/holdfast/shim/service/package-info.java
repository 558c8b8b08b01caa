/** Services of the configuration: what belongs to each, made ready to be backed up. */
@NullMarked
package dev.holdfast.shim.service;

import org.jspecify.annotations.NullMarked;
