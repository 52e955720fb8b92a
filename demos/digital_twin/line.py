"""One line of the factory cell: a conveyor brings parts to a robot, which works on them in the order in which they came."""

SLOTS = 32  # as many parts as a line can hold
TAGS = 12  # as many tags as one frame can bring

# What a tag says: a part was put on the conveyor, the robot was stopped, or started again, or its camera saw that its part is flawed.
PART = 0
STOP = 1
START = 2
REJECT = 3
# What the robot does, as the lamp and the meter know it.
IDLE = 0
WORKING = 1
STOPPED = 2

TRANSIT = 8.0  # seconds that a part is on the conveyor
CONVEYOR_WATTS = 60.0  # while anything is on it
IDLE_WATTS = 150.0
WORKING_WATTS = 900.0
STOPPED_WATTS = 20.0


class Line:
    # From the host: the tags of this frame, in order of time, and how many seconds of the factory one second of the stage is.
    tag_count: int = 0
    tag_times: list[float] = [0.0] * TAGS
    tag_kinds: list[int] = [0] * TAGS
    tag_values: list[float] = [0.0] * TAGS
    pace: float = 1.0

    # Parts are numbered from 0; part n is in slot n % SLOTS from when it is put on the conveyor until the robot is done with it.
    entered: list[float] = [0.0] * SLOTS
    work: list[float] = [0.0] * SLOTS

    parts_in: int = 0
    arrived: int = 0
    done: int = 0
    parts_out: int = 0
    scrapped: int = 0

    state: int = IDLE
    stopped: bool = False
    in_hand: bool = False
    rejected: bool = False
    finish: float = 0.0
    work_left: float = 0.0
    progress: float = 0.0

    now: float = 0.0
    energy: float = 0.0
    part_seconds: float = 0.0
    robot_seconds: float = 0.0
    sojourn: float = 0.0

    def pass_time(self, until: float):
        """Let nothing but time pass: meter power and parts."""
        passed = until - self.now
        watts = IDLE_WATTS
        if self.state == WORKING:
            watts = WORKING_WATTS
        elif self.state == STOPPED:
            watts = STOPPED_WATTS
        if self.parts_in > self.arrived:
            watts += CONVEYOR_WATTS
        self.energy += watts * passed
        self.part_seconds += (self.parts_in - self.done) * passed
        self.robot_seconds += (self.arrived - self.done) * passed
        self.now = until

    def take_up_work(self):
        """Decide what the robot does from now on. A part that it was stopped at stays in its hand, as far as it has come."""
        if self.stopped:
            if self.state == WORKING:
                self.work_left = self.finish - self.now
            self.state = STOPPED
        elif self.arrived > self.done:
            if not self.in_hand:
                self.in_hand = True
                self.rejected = False
                self.work_left = self.work[self.done % SLOTS]
            if self.state != WORKING:
                self.finish = self.now + self.work_left
            self.state = WORKING
        else:
            self.state = IDLE

    def finish_part(self):
        """Let the robot put its part away: out of the cell, or to the scrap."""
        self.sojourn += self.now - self.entered[self.done % SLOTS]
        if self.rejected:
            self.scrapped += 1
        else:
            self.parts_out += 1
        self.done += 1
        self.in_hand = False
        self.state = IDLE

    def take_tag(self, kind: int, value: float):
        """Do what a tag says."""
        if kind == PART:
            if self.parts_in - self.done >= SLOTS:
                raise ValueError("the line is full")
            self.entered[self.parts_in % SLOTS] = self.now
            self.work[self.parts_in % SLOTS] = value
            self.parts_in += 1
        elif kind == REJECT:
            self.rejected = True
        else:
            self.stopped = kind == STOP

    def on_update(self, current_time: float, delta_time: float):
        end = (current_time + delta_time) * self.pace
        tag = 0
        while True:
            # Whatever comes first: a tag, a part at the end of the conveyor, the robot's being done, or the end of the frame.
            tag_time = self.tag_times[tag] if tag < self.tag_count else end
            arrival = self.entered[self.arrived % SLOTS] + TRANSIT if self.arrived < self.parts_in else end
            finish = self.finish if self.state == WORKING else end
            event = min(tag_time, arrival, finish)
            if event >= end:
                break
            self.pass_time(event)
            if self.state == WORKING and event == finish:
                self.finish_part()
            elif self.arrived < self.parts_in and event == arrival:
                self.arrived += 1
            else:
                self.take_tag(self.tag_kinds[tag], self.tag_values[tag])
                tag += 1
            self.take_up_work()
        self.pass_time(end)
        left = self.finish - self.now if self.state == WORKING else self.work_left
        self.progress = 1.0 - left / self.work[self.done % SLOTS] if self.in_hand else 0.0
