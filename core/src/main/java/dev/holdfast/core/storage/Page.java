package dev.holdfast.core.storage;

import java.util.List;
import java.util.Optional;

/**
 * One page of a listing.
 *
 * @param items in ascending order of key (by UTF-16 code unit or by UTF-8 byte, as the provider has it)
 * @param next the token that asks for the page after this one; empty at the end
 */
public record Page<T>(List<T> items, Optional<String> next) {
    public Page {
        items = List.copyOf(items);
    }
}
