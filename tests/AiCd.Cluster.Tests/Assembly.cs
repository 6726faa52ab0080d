// Each of these tests keeps the whole machine busy by itself.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
