package dev.holdfast.shim.discovery;

import static dev.holdfast.shim.discovery.Host.compose;
import static dev.holdfast.shim.discovery.Host.skipped;
import static dev.holdfast.shim.discovery.Host.sources;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.core.model.SourceName;
import org.junit.jupiter.api.Test;

/** What sources are called, so that a name stays the same from run to run and no two share one. */
class SourceNamesTest {
    @Test
    void projectAndServiceElseTheContainer() {
        Discovered discovered = new Host()
                .with("shop-db-1", "postgres:16", compose("shop", "db", 1))
                .with("my_own_name", "postgres:16", compose("wiki", "db", 1))
                .with("lonely", "postgres:16", "")
                .with("half", "postgres:16", "com.docker.compose.project=half")
                .discover();
        assertThat(sources(discovered))
                .containsExactly("half=half", "lonely=lonely", "shop-db=shop-db-1", "wiki-db=my_own_name");
        assertThat(discovered.found().stream().map(Found::app)).containsExactly("", "", "shop", "wiki");
    }

    @Test
    void labelsForNameAndApp() {
        Discovered discovered = new Host()
                .with("a", "postgres:16", "holdfast.name=main")
                .with("b", "postgres:16", "holdfast.app=crm")
                .with("c-1", "postgres:16", compose("proj-7f", "db", 1) + " holdfast.app=wiki")
                .with("d", "postgres:16", "holdfast.app=crm holdfast.name=other")
                .discover();
        assertThat(sources(discovered)).containsExactly("crm-b=b", "main=a", "other=d", "wiki-db=c-1");
    }

    @Test
    void replicasGetTheirNumber() {
        Discovered discovered = new Host()
                .with("shop-db-1", "postgres:16", compose("shop", "db", 1))
                .with("shop_db_2", "postgres:16", compose("shop", "db", 2))
                .with("wiki-db-1", "postgres:16", compose("wiki", "db", 1) + " holdfast.name=w")
                .with("wiki-db-2", "postgres:16", compose("wiki", "db", 2) + " holdfast.name=w")
                .discover();
        assertThat(sources(discovered))
                .containsExactly("shop-db-1=shop-db-1", "shop-db-2=shop_db_2", "w-1=wiki-db-1", "w-2=wiki-db-2");
    }

    @Test
    void aReplicaThatStopsRenamesNoOther() {
        Discovered discovered = new Host()
                .with("shop-db-1", "postgres:16", compose("shop", "db", 1))
                .with("shop-db-2", "postgres:16", "exited", compose("shop", "db", 2))
                .discover();
        assertThat(sources(discovered)).containsExactly("shop-db-1=shop-db-1");
    }

    @Test
    void aStoppedLeftoverRenamesNothing() {
        Discovered discovered = new Host()
                .with("0123_shop-db-1", "postgres:15", "exited", compose("shop", "db", 1))
                .with("shop-db-1", "postgres:16", compose("shop", "db", 1))
                .with("x-old", "postgres:15", "exited", "holdfast.name=x")
                .with("x-new", "postgres:16", "holdfast.name=x")
                .discover();
        assertThat(sources(discovered)).containsExactly("shop-db=shop-db-1", "x=x-new");
    }

    @Test
    void tasksOfSwarm() {
        String labels = "com.docker.stack.namespace=shop com.docker.swarm.service.name=shop_db"
                + " com.docker.swarm.task.name=shop_db.";
        Discovered one = new Host()
                .with("shop_db.1.abc", "postgres:16", labels + "1.abc")
                .discover();
        assertThat(sources(one)).containsExactly("shop_db=shop_db.1.abc");
        Discovered two = new Host()
                .with("shop_db.1.abc", "postgres:16", labels + "1.abc")
                .with("shop_db.2.def", "postgres:16", labels + "2.def")
                .discover();
        assertThat(sources(two)).containsExactly("shop_db-1=shop_db.1.abc", "shop_db-2=shop_db.2.def");
    }

    @Test
    void aLabelHasTheNameBeforeADefault() {
        Discovered discovered = new Host()
                .with("shop-db-1", "postgres:16", compose("shop", "db", 1))
                .with("other", "postgres:16", "holdfast.name=shop-db")
                .discover();
        assertThat(sources(discovered)).containsExactly("shop-db=other", "shop-db-1=shop-db-1");
    }

    @Test
    void defaultsThatMeetTakeTheirContainersNames() {
        Discovered discovered = new Host()
                .with("one", "postgres:16", compose("a-b", "c", 1))
                .with("two", "postgres:16", compose("a", "b-c", 1))
                .discover();
        assertThat(sources(discovered)).containsExactly("one=one", "two=two");
    }

    @Test
    void whatCannotBeToldApartIsReportedAndNotBackedUp() {
        Discovered discovered = new Host()
                .with("a", "postgres:16", "holdfast.name=same")
                .with("b", "postgres:16", "holdfast.name=same")
                .with("c", "postgres:16", "")
                .discover();
        assertThat(sources(discovered)).containsExactly("c=c");
        assertThat(skipped(discovered, "a").why()).contains("source same").contains("container b");
        assertThat(skipped(discovered, "b").why()).contains("container a").contains("holdfast.name");
        assertThat(discovered.attention()).hasSize(2);
    }

    @Test
    void aNameThatIsTooLongIsReported() {
        Discovered discovered = new Host()
                .with("a", "postgres:16", compose("p".repeat(100), "s".repeat(100), 1))
                .discover();
        assertThat(skipped(discovered, "a").why()).contains("1 to 128").contains("holdfast.name");
    }

    @Test
    void goneMeansNoContainerOfThatSourceInAnyState() {
        Discovered discovered = new Host()
                .with("shop-db-1", "postgres:16", "exited", compose("shop", "db", 1))
                .with("off", "postgres:16", "holdfast.enable=false")
                .with("wiki-db-1", "postgres:16", compose("wiki", "db", 1) + " holdfast.name=new-name")
                .discover("nothing-here");
        assertThat(discovered.isGone(new SourceName("shop-db"), "shop-db-1")).isFalse();
        assertThat(discovered.isGone(new SourceName("off"), "off")).isFalse();
        assertThat(discovered.isGone(new SourceName("shop-db"), "elsewhere"))
                .as("the same source from another container")
                .isFalse();
        assertThat(discovered.isGone(new SourceName("wiki-db"), "wiki-db-1"))
                .as("the container is another source now")
                .isTrue();
        assertThat(discovered.isGone(new SourceName("dropped"), "dropped")).isTrue();
    }
}
