package dev.holdfast.shim.folder;

import dev.holdfast.core.source.files.HostFolder;
import dev.holdfast.core.source.files.TarPlace;

/** Where folders are restored to. */
public sealed interface FolderGoal {
    /** The place for a folder that was saved. */
    TarPlace place(HostFolder saved);

    /** Each folder with its whole path below another folder: {@code /etc} becomes {@code TARGET/etc}. */
    record Below(HostFolder target) implements FolderGoal {
        @Override
        public TarPlace place(HostFolder saved) {
            return new TarPlace(target, saved.path().substring(1));
        }
    }

    /** Each folder where it was. */
    record InPlace() implements FolderGoal {
        @Override
        public TarPlace place(HostFolder saved) {
            return new TarPlace(saved, "");
        }
    }
}
