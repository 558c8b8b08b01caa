package dev.holdfast.shim.cli;

import dev.holdfast.core.pipeline.ForgetPipeline.Forgotten;
import dev.holdfast.core.pipeline.ForgetPipeline.Kept;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Tells what a removal had to leave because its storage has locked it. */
final class KeptTale {
    private KeptTale() {}

    static void warn(Console console, Forgotten forgotten) {
        forgotten
                .kept()
                .forEach(kept -> console.warn(kept.key() + " stays: its storage has locked it"
                        + kept.until().map(until -> " until " + until).orElse("")));
    }

    static List<Map<String, Object>> list(Forgotten forgotten) {
        return forgotten.kept().stream().map(KeptTale::map).toList();
    }

    private static Map<String, Object> map(Kept kept) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("key", kept.key().text());
        kept.until().ifPresent(until -> map.put("lockedUntil", until.toString()));
        return map;
    }
}
