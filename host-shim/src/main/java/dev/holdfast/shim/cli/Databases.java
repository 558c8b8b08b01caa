package dev.holdfast.shim.cli;

import dev.holdfast.shim.database.DatabaseTypes;
import dev.holdfast.shim.mongo.MongoType;
import dev.holdfast.shim.mysql.MysqlType;
import dev.holdfast.shim.postgres.PostgresType;
import java.util.List;

/** The database engines of this program. A new engine is one more line here. */
final class Databases {
    private Databases() {}

    static DatabaseTypes known() {
        return new DatabaseTypes(List.of(new PostgresType(), MysqlType.mysql(), MysqlType.mariadb(), new MongoType()));
    }
}
