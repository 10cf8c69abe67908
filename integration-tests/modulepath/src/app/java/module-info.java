/** An application as a user writes it. It names no driver: the SQLite driver is found because its jar is there. */
module bookshop {
    requires dev.bunary.orm;
}
