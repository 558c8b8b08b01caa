package dev.holdfast.core.storage.gdrive;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** What a test lets go wrong: requests are named by how their method and path begin. */
final class Script {
    private final List<Planned> planned = new CopyOnWriteArrayList<>();
    private final List<Scheduled> scheduled = new CopyOnWriteArrayList<>();
    private final AtomicReference<String> page = new AtomicReference<>("");

    private record Planned(String request, Refusal refusal) {}

    private record Scheduled(String request, AtomicInteger countdown, boolean before, Event event) {}

    /** What others do to the Drive meanwhile. */
    interface Event {
        void happen() throws Refusal;
    }

    /** Refuses the next such request once. */
    void refuseNext(String request, Refusal refusal) {
        planned.add(new Planned(request, refusal));
    }

    /** Lets something happen when the next such request has arrived, before it is done. */
    void beforeNext(String request, Event event) {
        scheduled.add(new Scheduled(request, new AtomicInteger(1), true, event));
    }

    /** Lets something happen when so many such requests were done, before the last one is answered. */
    void afterNext(String request, int count, Event event) {
        scheduled.add(new Scheduled(request, new AtomicInteger(count), false, event));
    }

    /** Answers the next request with this page of HTML, and status 200, as some networks do. */
    void answerNextWith(String html) {
        page.set(html);
    }

    // ---- for the server

    void refuse(String line) throws Refusal {
        Optional<Planned> next =
                planned.stream().filter(each -> line.startsWith(each.request)).findFirst();
        if (next.isPresent() && planned.remove(next.get())) {
            throw next.get().refusal;
        }
    }

    Optional<String> page() {
        return Optional.of(page.getAndSet("")).filter(html -> !html.isEmpty());
    }

    void arrived(String line) throws Refusal {
        run(line, true);
    }

    void done(String line) throws Refusal {
        run(line, false);
    }

    private void run(String line, boolean before) throws Refusal {
        for (Scheduled each : scheduled) {
            if (each.before == before && line.startsWith(each.request) && each.countdown.decrementAndGet() == 0) {
                each.event.happen();
            }
        }
    }
}
