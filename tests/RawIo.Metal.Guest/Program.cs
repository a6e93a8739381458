using RawIo.Metal;

// metal-guest BOOT [FIRST]      runs the checks of a boot, from number FIRST on
// metal-guest --as UID WHAT     does one thing as another user and says how it went
// metal-guest --as UID -- PROGRAM ARGUMENT...   becomes another user's program
if (args is ["--as", var user, "--", .. var program]) return OtherUser.Become(uint.Parse(user), program);
if (args is ["--as", var uid, var what]) return OtherUser.Act(uint.Parse(uid), what);
if (args.Length is not (1 or 2))
{
    Console.Error.WriteLine("usage: metal-guest BOOT [FIRST]");
    return 2;
}
CheckRunner.Run(Lab.ChecksOf(args[0]), args.Length == 2 ? int.Parse(args[1]) : 0);
// Without waiting for the threads of checks that hang.
Environment.Exit(0);
return 0;
