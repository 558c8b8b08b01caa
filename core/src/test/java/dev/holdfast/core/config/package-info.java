@NullMarked
package dev.holdfast.core.config;

import org.jspecify.annotations.NullMarked;
