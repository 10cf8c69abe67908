package dev.bunary.orm.registry;

import dev.bunary.orm.swap.Registration;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** A factory that code has registered with an Orm, and may take back. Safe for use by many threads. */
public final class RegisteredFactory implements Registration {
    private final Connections owner;
    private final Candidate candidate;

    RegisteredFactory(Connections owner, Candidate candidate) {
        this.owner = owner;
        this.candidate = candidate;
    }

    @Override
    public void close() {
        closeAll(List.of(this));
    }

    /** Takes several back; what an Orm has of them is drained as one group. */
    static void closeAll(Collection<RegisteredFactory> leaving) {
        leaving.stream()
                .collect(Collectors.groupingBy(
                        each -> each.owner, Collectors.mapping(each -> each.candidate, Collectors.toList())))
                .forEach(Connections::unregister);
    }
}
