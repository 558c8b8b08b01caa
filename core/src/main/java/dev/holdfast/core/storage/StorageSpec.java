package dev.holdfast.core.storage;

import java.nio.file.Path;

/**
 * Where objects are kept, and how to get there: one record for each kind of provider, which validates itself. Secrets in
 * it are {@link dev.holdfast.core.model.Secret}, so its text can be shown.
 */
public sealed interface StorageSpec {
    /** The place in one line for people: never a secret. */
    String describe();

    /**
     * A folder of this machine.
     *
     * @param root absolute; must exist, since an unmounted disk must not be filled in silence
     */
    record Local(Path root) implements StorageSpec {
        public Local {
            if (!root.isAbsolute()) {
                throw new IllegalArgumentException("local storage needs an absolute folder, not \"" + root + "\"");
            }
            root = root.normalize();
        }

        @Override
        public String describe() {
            return "local folder " + root;
        }
    }
}
