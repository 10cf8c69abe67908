/** An application that swaps its drivers itself. Its module path holds no driver. */
module hotswap {
    requires dev.bunary.orm;
    requires dev.bunary.orm.soak;
    requires java.logging;
}
